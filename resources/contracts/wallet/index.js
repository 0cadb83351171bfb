'use strict';

const WalletContract = require('./lib/wallet.js');

module.exports.contracts = [WalletContract];
