// The part of JSON Schema in which contract metadata speaks of parameters. Gives the messages of everything wrong.
function typeMatches(type, value) {
    switch (type) {
        case 'null': return value === null;
        case 'array': return Array.isArray(value);
        case 'object': return value !== null && typeof value === 'object' && !Array.isArray(value);
        case 'integer': return Number.isInteger(value);
        default: return typeof value === type;
    }
}

function checkNumber(schema, value, wrong) {
    if (schema.minimum !== undefined && value < schema.minimum) wrong.push(`should be >= ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) wrong.push(`should be <= ${schema.maximum}`);
    if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
        wrong.push(`should be > ${schema.exclusiveMinimum}`);
    if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum)
        wrong.push(`should be < ${schema.exclusiveMaximum}`);
    if (schema.multipleOf !== undefined && !Number.isInteger(value / schema.multipleOf))
        wrong.push(`should be multiple of ${schema.multipleOf}`);
}
function checkText(schema, value, wrong) {
    const length = Array.from(value).length;
    if (schema.minLength !== undefined && length < schema.minLength)
        wrong.push(`should NOT be shorter than ${schema.minLength} characters`);
    if (schema.maxLength !== undefined && length > schema.maxLength)
        wrong.push(`should NOT be longer than ${schema.maxLength} characters`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
        wrong.push(`should match pattern "${schema.pattern}"`);
}
function checkList(schema, value, schemas, wrong, depth) {
    if (schema.minItems !== undefined && value.length < schema.minItems)
        wrong.push(`should NOT have fewer than ${schema.minItems} items`);
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
        wrong.push(`should NOT have more than ${schema.maxItems} items`);
    if (schema.items !== undefined) for (const item of value) check(schema.items, item, schemas, wrong, depth);
}
function checkObject(schema, value, schemas, wrong, depth) {
    for (const name of schema.required ?? [])
        if (!Object.hasOwn(value, name)) wrong.push(`should have required property '${name}'`);
    for (const [name, part] of Object.entries(value)) {
        if (schema.properties !== undefined && Object.hasOwn(schema.properties, name))
            check(schema.properties[name], part, schemas, wrong, depth);
        else if (schema.additionalProperties === false) wrong.push('should NOT have additional properties');
        else if (typeof schema.additionalProperties === 'object')
            check(schema.additionalProperties, part, schemas, wrong, depth);
    }
}

function check(schema, value, schemas, wrong, depth) {
    if (depth > 64) throw new Error('the schema or the value is nested too deep');
    if (schema.$ref !== undefined) {
        const name = schema.$ref.split('/').pop();
        if (!Object.hasOwn(schemas, name)) throw new Error(`can't resolve reference ${schema.$ref}`);
        check(schemas[name], value, schemas, wrong, depth + 1);
        return;
    }
    const types = schema.type === undefined ? [] : [schema.type].flat();
    if (types.length > 0 && !types.some((type) => typeMatches(type, value))) {
        wrong.push(`should be ${types.join(',')}`);
        return;
    }
    if (schema.enum !== undefined && !schema.enum.some((one) => JSON.stringify(one) === JSON.stringify(value)))
        wrong.push('should be equal to one of the allowed values');
    for (const part of schema.allOf ?? []) check(part, value, schemas, wrong, depth + 1);
    if (typeof value === 'number') checkNumber(schema, value, wrong);
    else if (typeof value === 'string') checkText(schema, value, wrong);
    else if (Array.isArray(value)) checkList(schema, value, schemas, wrong, depth + 1);
    else if (value !== null && typeof value === 'object') checkObject(schema, value, schemas, wrong, depth + 1);
}

builtins.findErrors = (schema, value, schemas) => {
    const wrong = [];
    check(schema, value, schemas, wrong, 0);
    return wrong;
};
