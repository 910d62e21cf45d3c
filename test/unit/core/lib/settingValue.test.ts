import assert from 'node:assert/strict';
import { settingDefinitions } from '#contributions';
import { booleanValue, numberValue, choiceValue } from '#core/lib/settingValue';

describe('The value of the setting', () => {
  for (const setting of Object.values(settingDefinitions)) {
    if ('values' in setting)
      it(`${setting.key} is the default unless a valid choice is configured`, () => {
        for (const value of setting.values) assert.equal(choiceValue<string>(setting, value), value);
        for (const wrong of ['', 'Always', setting.values[0].toUpperCase(), 0, null, undefined, [setting.values[1]], { toString: 'never' }])
          assert.equal(choiceValue<string>(setting, wrong), setting.default);
      });
    else if (!('minimum' in setting))
      it(`${setting.key} is the default unless a Boolean is configured`, () => {
        for (const value of [true, false]) assert.equal(booleanValue(setting, value), value);
        for (const wrong of ['true', 0, 1, null, undefined, {}]) assert.equal(booleanValue(setting, wrong), setting.default);
      });
    else {
      it(`${setting.key} is the configured number, but at least ${setting.minimum} and at most ${setting.maximum}`, () => {
        const middle = (setting.minimum + setting.maximum) / 2;
        for (const value of [setting.minimum, middle, setting.maximum]) assert.equal(numberValue(setting, value), value);
        for (const low of [setting.minimum - 1, -1, -1e308, -0.001]) assert.equal(numberValue(setting, low), setting.minimum);
        for (const high of [setting.maximum + 1, setting.maximum + 0.1, 1e308]) assert.equal(numberValue(setting, high), setting.maximum);
      });

      it(`${setting.key} is the default unless a finite number is configured`, () => {
        for (const wrong of [NaN, Infinity, -Infinity, '5', '', true, null, undefined, [5], {}])
          assert.equal(numberValue(setting, wrong), setting.default);
      });
    }
  }
});
