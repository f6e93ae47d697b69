import { createContentLoader } from 'vitepress'

/** Error pages by area: `LY-MKT-001` is of the area `LY-MKT`. */
export type ErrorArea = {
  area: string
  pages: { url: string; code: string; title: string }[]
}

declare const data: ErrorArea[]

export { data }

export default createContentLoader('errors/*.md', {
  includeSrc: true,
  transform(pages): ErrorArea[] {
    const areas = new Map<string, ErrorArea['pages']>()
    for (const { url, src = '' } of pages.sort((a, b) =>
      a.url < b.url ? -1 : 1,
    )) {
      const [, code = '', title = ''] = /^# (\S+): (.*)/.exec(src) ?? []
      const area = code.replace(/-\d+$/, '')
      areas.set(area, [...(areas.get(area) ?? []), { url, code, title }])
    }
    return [...areas].map(([area, listed]) => ({ area, pages: listed }))
  },
})
