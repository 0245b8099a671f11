// Builds the programs. tsdown's own command would warn of Node 20 at each install; its function does the same silently.
import { build } from 'tsdown';
import { buildNativeClient } from './apps/native-client/build.mjs';

await build({ logLevel: 'warn' });
buildNativeClient('dist');
