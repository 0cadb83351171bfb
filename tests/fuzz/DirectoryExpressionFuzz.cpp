// Converters of a CA's directory: any text is an expression or refused, any value gives an answer.
#include <cstdint>

#include "node/ca/DirectoryExpression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    // What stands behind the first line is the user's own.
    const std::size_t end = std::min(all.find('\n'), all.size());
    const std::string value(all.substr(std::min(end + 1, all.size())));
    static const node::DirectoryMaps kMaps = {{"m", {{"a", "bb"}, {"b", ""}, {"", "x"}}}};
    const auto expression = node::DirectoryExpression::parse(all.substr(0, end), kMaps);
    if (!expression.ok()) return 0;
    const node::DirectoryEntry entry{
        .dn = value, .units = {value}, .values = {{"a", {value, "b"}}}};
    const auto text = expression->evaluate(entry);
    if (text.ok() && text->size() > 2 * node::DirectoryExpression::kMostText) __builtin_trap();
    if (node::escapedForFilter(value).find_first_of("*()") != std::string::npos) __builtin_trap();
    (void)node::checkUserFilter(value);
    return 0;
}
