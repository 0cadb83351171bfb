'use strict';

const IdentityContract = require('./lib/identity.js');

module.exports.contracts = [IdentityContract];
