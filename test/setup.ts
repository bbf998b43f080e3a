import fc from 'fast-check'

// A property that fails prints its seed; a fixed number of runs keeps the suite short and its duration steady.
fc.configureGlobal({ numRuns: 200 })
