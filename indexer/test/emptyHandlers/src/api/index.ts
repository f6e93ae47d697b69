import { Hono } from 'hono'

// Ponder wants an API of every project.
export default new Hono()
