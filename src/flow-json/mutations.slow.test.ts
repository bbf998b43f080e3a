import { mutateFlowJsons } from '../../test/flow-json-mutations.ts'

mutateFlowJsons(1000)
