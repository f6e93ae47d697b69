export type { Target } from './target.js'
