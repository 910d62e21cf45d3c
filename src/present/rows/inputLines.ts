import { inputText, type Inputs } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { words, type Translate } from '#present/words/words';

/** The maximum number of inputs in a tooltip, and of characters of a name and a value. */
const most = { inputs: 3, name: 40, value: 80 };

/** Returns the lines of a run's tooltip for its first inputs. They contain text of users, so callers must show them as plain text. */
export function inputLines(inputs: Inputs, t: Translate): readonly string[] {
  const all = Object.entries(inputs);
  const lines = all
    .slice(0, most.inputs)
    .map(([name, value]) => t(words.inputAndValue, clean(name, most.name), clean(inputText(value), most.value)));
  const more = all.length - lines.length;
  return more > 0 ? [...lines, t(words.moreInputs, more)] : lines;
}
