#pragma once

#include "src/usecase/Json.h"

namespace chancery::cli {

using usecase::bytesToJson;
using usecase::Json;
using usecase::safeJson;
using usecase::toText;

}  // namespace chancery::cli
