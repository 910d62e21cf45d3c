import { words as shown } from './words';
import { wordsAsked } from './wordsAsked';
import { wordsImported } from './wordsImported';

/** The sentences of what is loaded with the first command. */
export const words = { ...shown, ...wordsAsked, ...wordsImported } as const;
