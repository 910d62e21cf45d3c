import { words as shown } from './words';
import { wordsAsked } from './wordsAsked';
import { wordsHints } from './wordsHints';
import { wordsImported } from './wordsImported';

/** Every sentence that users see, but for those of package.nls.json; for what is loaded with the first command. */
export const words = { ...shown, ...wordsAsked, ...wordsImported, ...wordsHints } as const;
