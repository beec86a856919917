// needs: redis
import { httpSuite } from '@larder/http-suite'
import express4 from 'express-4'
import { startWith } from './support/start'

httpSuite(startWith(express4), ['outside', 'inside'])
