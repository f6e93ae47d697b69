/** One line of what every benchmark prints with `--json`. */
export type Target = {
  name: string
  value: number
  target: number
  met: boolean
}
