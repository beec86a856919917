import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import log from './log.svg?raw'
import './colours.css'
import './diagram.css'
import './home.css'
import './page.css'

/** VitePress's own theme in Larder's colours, with the drawing of the log on the first page. */
const theme: Theme = {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'home-hero-image': () => h('div', { class: 'log-drawing', innerHTML: log }),
    }),
}

export default theme
