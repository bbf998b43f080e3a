export class FlowJson {
  constructor(json: object)
}
