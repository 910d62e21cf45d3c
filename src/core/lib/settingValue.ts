export interface NumberSetting {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface ChoiceSetting<Value extends string> {
  readonly default: Value;
  readonly values: readonly Value[];
}

/** Returns a setting's number within its limits, or the default. VS Code marks invalid values but doesn't correct them. */
export function numberValue(setting: NumberSetting, value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(setting.maximum, Math.max(setting.minimum, value))
    : setting.default;
}

export function choiceValue<Value extends string>(setting: ChoiceSetting<Value>, value: unknown): Value {
  return setting.values.find((one) => one === value) ?? setting.default;
}

export function booleanValue(setting: { readonly default: boolean }, value: unknown): boolean {
  return typeof value === 'boolean' ? value : setting.default;
}
