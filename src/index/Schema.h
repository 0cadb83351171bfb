#pragma once

#include "src/store/Migration.h"

namespace chancery::index {

/// Tables of an index. Everything in it can be made again from the blocks, so a file of another
/// version is thrown away and never migrated.
const store::Schema& schema();

}  // namespace chancery::index
