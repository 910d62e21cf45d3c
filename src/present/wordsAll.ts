import { words as shown } from './words';
import { wordsAsked } from './wordsAsked';
import { wordsImported } from './wordsImported';
import { wordsLinked } from './wordsLinked';

/** The sentences of what is loaded with the first command. */
export const words = { ...shown, ...wordsAsked, ...wordsImported, ...wordsLinked } as const;
