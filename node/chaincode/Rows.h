#pragma once

#include <optional>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

struct Row {
    std::string key;
    Bytes value;
};

/// What a query of a contract gives, one after another; each row that is taken is recorded. One
/// thread at a time.
class Rows {
public:
    virtual ~Rows() = default;
    virtual Result<std::optional<Row>> next() = 0;
    /// Where the page after this one begins; empty at the end. Ends the rows.
    virtual Result<std::string> bookmark() = 0;
};

}  // namespace chancery::node
