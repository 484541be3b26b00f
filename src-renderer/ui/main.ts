import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connect } from './client/connect.ts'
import { CLIENT } from './client/key.ts'
import './tokens.css'
import './base.css'

createApp(App).use(createPinia()).provide(CLIENT, connect()).mount('#app')
