#pragma once

// Stands before protobuf's header of this name when we build for the thread sanitizer. That header
// gives its class two more members then, which Debian's library, built without the sanitizer, does
// not know: our code and the library would disagree about where everything behind them lies.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <google/protobuf/message.h>

#pragma push_macro("__SANITIZE_THREAD__")
#undef __SANITIZE_THREAD__
#include_next <google/protobuf/map_field.h>
#pragma pop_macro("__SANITIZE_THREAD__")
