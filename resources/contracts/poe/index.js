'use strict';

const ProofContract = require('./lib/proof.js');

module.exports.contracts = [ProofContract];
