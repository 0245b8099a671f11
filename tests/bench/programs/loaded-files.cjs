// Required before a program: at its end, writes which files it has loaded, and how many of Node's own modules.
// Where $LOADED_FILES_OF names one, only that does: a command gives both variables on to the daemon that it starts.
process.on('exit', () => {
  const { LOADED_FILES_OF: only } = process.env;
  if (only !== undefined && !process.argv[1]?.endsWith(only)) return;
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  const builtins = process.moduleLoadList.filter((name) => name.startsWith('NativeModule')).length;
  const { writeFileSync, renameSync } = require('node:fs');
  writeFileSync(`${process.env.LOADED_FILES_REPORT}.part`, JSON.stringify({ files, builtins }));
  renameSync(`${process.env.LOADED_FILES_REPORT}.part`, process.env.LOADED_FILES_REPORT);
});
