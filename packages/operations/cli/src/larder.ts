#!/usr/bin/env node
import { runCommandLine } from './run-command-line'
import { createProcessTerminal } from './terminal/process-terminal'

process.exitCode = await runCommandLine(process.argv.slice(2), process.env, createProcessTerminal())
