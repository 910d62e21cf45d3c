/** A number that a user sets, with its limits. */
export interface NumberSetting {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A text that a user picks from a list. */
export interface ChoiceSetting<Value extends string> {
  readonly default: Value;
  readonly values: readonly Value[];
}

/** Returns a set number within its limits, or the default for anything else. VS Code only marks a wrong value in its settings file. */
export function numberIn(setting: NumberSetting, value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(setting.maximum, Math.max(setting.minimum, value))
    : setting.default;
}

/** Returns a set text if it is in the list, or the default. */
export function oneOf<Value extends string>(setting: ChoiceSetting<Value>, value: unknown): Value {
  return setting.values.find((one) => one === value) ?? setting.default;
}
