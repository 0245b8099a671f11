// Builds the programs. tsdown's own command would warn of Node 20 at each install; its function does the same silently.
import { build } from 'tsdown';

await build({ logLevel: 'warn' });
