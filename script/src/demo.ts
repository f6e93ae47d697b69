process.stdout.write('The demo scenario has not been written yet.\n')
process.exitCode = 1
