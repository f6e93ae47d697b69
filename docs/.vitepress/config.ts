import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitepress'

/** Decision records, by their number. */
const decisions = readdirSync(new URL('../decisions', import.meta.url))
  .filter((name) => /^\d{4}-/.test(name))
  .sort()
  .map((name) => name.replace(/\.md$/, ''))

export default defineConfig({
  title: 'Lynode',
  description: 'A market for machine-learning compute that anyone can check',
  // Every relative link of every page has to lead somewhere: a dead one fails
  // the build. What a page of the running devnet is at is no page of ours.
  ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/],
  lastUpdated: false,
  markdown: { math: false },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start/developer' },
      { text: 'Protocol', link: '/protocol' },
      { text: 'Security', link: '/security' },
      { text: 'Operations', link: '/operations' },
      { text: 'Commands', link: '/commands' },
    ],
    sidebar: [
      {
        text: 'Five minutes',
        items: [
          { text: 'For developers', link: '/start/developer' },
          { text: 'For integrators', link: '/start/integrator' },
          { text: 'For stakers', link: '/start/staker' },
          { text: 'For members of the DAO', link: '/start/dao' },
        ],
      },
      {
        text: 'The protocol',
        items: [
          { text: 'Specification', link: '/protocol' },
          { text: 'Operators and their bounds', link: '/operators' },
          { text: 'Class zk', link: '/zk' },
          { text: 'Training', link: '/training' },
          { text: 'Security model', link: '/security' },
          { text: 'Economics', link: '/economics' },
          { text: 'Audits', link: '/audits' },
          { text: 'Conformance', link: '/conformance' },
          { text: 'Honest machines', link: '/honesty' },
        ],
      },
      {
        text: 'Running it',
        items: [
          { text: 'Operations', link: '/operations' },
          { text: 'Networks', link: '/networks' },
          { text: 'The two daemons', link: '/daemons' },
          { text: 'Staking and delegating', link: '/staking' },
          { text: 'Governance', link: '/governance' },
          { text: 'Parameters', link: '/parameters' },
          { text: 'Deployment', link: '/deployment' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Commands', link: '/commands' },
          { text: 'Packages', link: '/packages' },
          { text: 'Errors', link: '/errors' },
        ],
      },
      {
        text: 'Decisions',
        collapsed: true,
        items: [
          { text: 'What they are', link: '/decisions/' },
          ...decisions.map((name) => ({
            text: name.slice(5).replaceAll('-', ' '),
            link: `/decisions/${name}`,
          })),
        ],
      },
    ],
  },
})
