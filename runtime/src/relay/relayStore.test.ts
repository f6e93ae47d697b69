import { expect, test } from 'vitest'
import { openDatabase } from '../store/openDatabase.js'
import { type RelayEntry, RelayStore } from './relayStore.js'

const item = (id: number, more: Partial<RelayEntry> = {}): RelayEntry => ({
  kind: 'order',
  id: `0x${id}`,
  sender: 'alice',
  body: `{"id":${id}}`,
  expiry: 100,
  ...more,
})

test('default: readers go on behind the last item that they saw', () => {
  const store = open()
  store.put(item(1))
  store.put(item(2))
  store.put(item(3, { kind: 'heartbeat' }))
  expect(store.list('order', 0, 1)).toEqual([
    { sequence: 1, id: '0x1', body: '{"id":1}' },
  ])
  expect(store.list('order', 1, 10).map(({ id }) => id)).toEqual(['0x2'])
  expect(store.latest('order')).toBe(2)
  store.setCursor('http://peer', 'order', 2)
  expect(store.cursor('http://peer', 'order')).toBe(2)
  expect(store.cursor('http://peer', 'heartbeat')).toBe(0)
})

test('behavior: a newer item of one id takes its place, behind all others', () => {
  const store = open()
  store.put(item(1))
  store.put(item(2))
  store.put(item(1, { body: '{"newer":true}' }))
  expect(store.list('order', 0, 10).map(({ id }) => id)).toEqual(['0x2', '0x1'])
  expect(store.get('order', '0x1')).toBe('{"newer":true}')
})

test('behavior: an item says until when it is needed', () => {
  const store = open()
  store.put(item(1, { kind: 'heartbeat', expiry: 99 }))
  expect(store.expiryOf('heartbeat', '0x1')).toBe(99)
  expect(store.expiryOf('order', '0x1')).toBe(0)
})

test('behavior: what has expired leaves, at its second', () => {
  const store = open()
  store.put(item(1, { expiry: 99 }))
  store.put(item(2, { expiry: 100 }))
  store.prune(99)
  expect(store.list('order', 0, 10).map(({ id }) => id)).toEqual(['0x2'])
})

test('behavior: a sender with too many items displaces its own oldest', () => {
  const store = open()
  store.put(item(0, { sender: 'bob', id: '0xb' }))
  for (let i = 1; i <= 260; i++) store.put(item(i))
  const ids = store.list('order', 0, 1_000).map(({ id }) => id)
  expect(ids).toHaveLength(257)
  expect(ids.slice(0, 2)).toEqual(['0xb', '0x5'])
})

function open() {
  return new RelayStore(openDatabase(':memory:', 'test'))
}
