// Yjs with hocuspocus: one Y.Doc a job, updates appended to a file on the phone.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { difference, isProse, treeOf, writesOf } from './common.mjs'

function mapOf(tree, path) {
  const map = new Y.Map()
  for (const [key, value] of Object.entries(tree)) map.set(key, valueOf(value, `${path}${key}`))
  return map
}

function valueOf(value, path) {
  if (value && typeof value === 'object') return mapOf(value, `${path}/`)
  return isProse(path) ? new Y.Text(value) : value
}

export class Phone {
  constructor(folder) {
    this.folder = folder
    this.docs = new Map()
    this.providers = []
    if (folder) mkdirSync(folder, { recursive: true })
  }

  doc(id) {
    const known = this.docs.get(id)
    if (known) return known
    const doc = new Y.Doc()
    this.docs.set(id, doc)
    if (this.folder) {
      const file = `${this.folder}/${id}`
      if (existsSync(file)) {
        const bytes = readFileSync(file)
        doc.transact(() => {
          for (let at = 0; at < bytes.length;) {
            const end = at + 4 + bytes.readUInt32LE(at)
            Y.applyUpdate(doc, bytes.subarray(at + 4, end))
            at = end
          }
        })
      }
      doc.on('update', update => {
        const length = Buffer.alloc(4)
        length.writeUInt32LE(update.length)
        appendFileSync(file, Buffer.concat([length, update]))
      })
    }
    return doc
  }

  async create(jobs) {
    return jobs.map((job, at) => {
      const id = `job-${at}`
      const doc = this.doc(id)
      doc.transact(() => {
        const root = doc.getMap('job')
        for (const [key, value] of Object.entries(treeOf(job))) root.set(key, valueOf(value, key))
      })
      return id
    })
  }

  async load(ids) {
    ids.forEach(id => this.doc(id))
  }

  async edit(id, edit, now) {
    const doc = this.doc(id)
    doc.transact(() => {
      for (const [path, value] of writesOf(edit, now)) {
        const keys = path.split('/')
        let map = doc.getMap('job')
        for (const key of keys.slice(0, -1)) {
          if (!map.has(key)) map.set(key, new Y.Map())
          map = map.get(key)
        }
        const last = map.get(keys.at(-1))
        if (last instanceof Y.Text) {
          const { at, out, put } = difference(last.toString(), value)
          if (out) last.delete(at, out)
          last.insert(at, put)
        } else map.set(keys.at(-1), valueOf(value, path))
      }
    })
  }

  async sync(port, ids) {
    const url = `ws://127.0.0.1:${port}`
    this.socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
    await Promise.all(ids.map(name => new Promise(done => {
      const onSynced = ({ state }) => state && done()
      const document = this.doc(name)
      const provider = new HocuspocusProvider({
        websocketProvider: this.socket, name, document, awareness: null, onSynced,
      })
      provider.attach()
      this.providers.push(provider)
    })))
  }

  async offline() {
    this.providers.forEach(provider => provider.destroy())
    this.providers = []
    this.socket?.destroy()
  }

  async steps(id) {
    return Object.keys(this.doc(id).getMap('job').get('steps')?.toJSON() ?? {}).length
  }
}

export async function serve(port, folder) {
  const { Server } = await import('@hocuspocus/server')
  const { Database } = await import('@hocuspocus/extension-database')
  const file = name => `${folder}/${name}`
  // A file a document: its program for SQLite has to be built on each machine.
  const files = new Database({
    fetch: async ({ documentName }) => existsSync(file(documentName)) ? readFileSync(file(documentName)) : null,
    store: async ({ documentName, state }) => writeFileSync(file(documentName), state),
  })
  const server = new Server({
    port, address: '127.0.0.1', quiet: true, extensions: [files],
    // A connection that asks for more than 100 documents at once is closed otherwise, again and again.
    maxPendingDocuments: 10_000,
    maxUnauthenticatedQueueMessages: 10_000,
    maxUnauthenticatedQueueSize: 64 * 1024 * 1024,
    // Collecting updates, it sends whoever comes first what it has just loaded from its disk.
    flushDelay: false,
  })
  await server.listen()
}
