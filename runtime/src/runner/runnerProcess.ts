#!/usr/bin/env node
import { serveRunner } from './serveRunner.js'

serveRunner()
