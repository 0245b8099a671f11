// Required before a program: at its end, writes which files it has loaded, and how many of Node's own modules.
process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  const builtins = process.moduleLoadList.filter((name) => name.startsWith('NativeModule')).length;
  require('node:fs').writeFileSync(process.env.LOADED_FILES_REPORT, JSON.stringify({ files, builtins }));
});
