'use strict';

const InvoiceContract = require('./lib/invoice.js');

module.exports.contracts = [InvoiceContract];
