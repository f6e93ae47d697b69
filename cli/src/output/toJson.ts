/** One JSON document; amounts and other bigints as decimal text. */
export function toJson(value: unknown, indent = 2): string {
  return JSON.stringify(
    value,
    (_, field: unknown) =>
      typeof field === 'bigint' ? field.toString() : field,
    indent,
  )
}
