/** The title of a longer text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
