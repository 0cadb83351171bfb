'use strict';

const {refuse} = require('./support.js');

// Amounts are decimal strings outside and whole numbers of the smallest unit inside: nothing is ever rounded.

// '12.50' with two places: 1250n. Refuses signs, exponents, leading zeros and too many places.
function parseAmount(text, places, what = 'the amount') {
    const match = /^(0|[1-9][0-9]{0,29})(?:\.([0-9]+))?$/.exec(text);
    if (match === null) refuse('BAD_AMOUNT', `${what} '${text}' is no decimal number like 12.50`);
    const fraction = match[2] ?? '';
    if (fraction.length > places) {
        refuse('BAD_AMOUNT', `${what} '${text}' has more than ${places} decimal places`);
    }
    return BigInt(match[1] + fraction.padEnd(places, '0'));
}

function parsePositive(text, places, what = 'the amount') {
    const amount = parseAmount(text, places, what);
    if (amount === 0n) refuse('BAD_AMOUNT', `${what} must be more than zero`);
    return amount;
}

function formatAmount(amount, places) {
    const digits = amount.toString().padStart(places + 1, '0');
    return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

module.exports = {parseAmount, parsePositive, formatAmount};
