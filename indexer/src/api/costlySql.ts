// The planner computes constants before it knows a cost, and the embedded
// database answers nothing else meanwhile. Where one of its functions calls
// itself too deeply it never answers again.

/** Expressions nest, and a chain of operators nests once for each. */
const maxOperators = 200
const maxNesting = 50

/** Columns that are put together in one query with parts. */
const maxGrowth = 4

/** A regular expression of 25 characters overflows the stack; numbers and texts of any length. */
const refusedWords = new Set([
  'substring',
  'similar',
  'replace',
  'power',
  'exp',
  'operator',
])

const operators = new Set(
  '= <> != < > <= >= + - * / % || -> ->> #> #>> @> <@ ? ?| ?& ::'.split(' '),
)

/** What makes something longer out of each of its parts. */
const growing = new Set([
  'concat',
  'json_build_array',
  'json_array',
  'json_object',
  'array',
  'row',
])

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+|[\p{L}_][\p{L}\p{N}_$]*|[\d.]+|[-+*/<>=~!@#%^&|`?]+|::|\s+|[(),.;:[\]]/uy

/**
 * Looks at the words of a query, none of which the database has seen.
 *
 * @returns Why it could take the database very long, or end it.
 */
export function costlySql(sql: string): string | undefined {
  let [count, selects, growth] = [0, 0, 0]
  let before = ''
  /** What stands before each bracket that is open. */
  const open: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < sql.length) {
    const [text] = token.exec(sql) ?? []
    if (text === undefined)
      return 'is written with characters that are not looked at'
    if (/^\s/.test(text)) continue
    const word = text.replace(/^"|"$/g, '').toLowerCase()
    if (refusedWords.has(word)) return `${word}: is not supported`
    // Escapes could hide what is text and what is not.
    if (/^'/.test(text) && /^(e|u|&)$/.test(before)) return 'has escapes'
    if (/^[-+*/<>=~!@#%^&|`?]/.test(text)) {
      // `- -1` and the like: signs may follow an operator without a space.
      if (
        !operators.has(text.replace(/(?<=.)[-+]+$/, '')) ||
        /--|\/\*/.test(text)
      )
        return `${text}: is not supported`
      count += 1
      const operand = !/^(|select|distinct|all|[(,.])$/.test(before)
      if (text === '||' || (text === '*' && operand)) growth += 1
    }
    if (word === 'select') selects += 1
    if (text === '(' || text === '[') open.push(before)
    if (text === ')' || text === ']') open.pop()
    if (text === ',' && growing.has(open.at(-1) ?? '')) growth += 1
    if (count > maxOperators || open.length > maxNesting)
      return 'is nested too deeply'
    before = word
  }
  // Each part could make twice as much of what the part before it made.
  if (selects > 1 && growth > maxGrowth)
    return 'puts too much together in several parts'
  return undefined
}
