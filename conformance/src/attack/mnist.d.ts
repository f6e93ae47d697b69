declare module 'mnist' {
  type Digit = { length: number; get(index: number): number[] }
  const mnist: readonly Digit[]
  export default mnist
}
