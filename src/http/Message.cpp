#include "src/http/Message.h"

namespace chancery::http {

std::string Request::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

}  // namespace chancery::http
