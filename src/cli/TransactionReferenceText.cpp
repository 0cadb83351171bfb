#include "src/cli/TransactionReferenceText.h"

#include "src/cli/BlockRange.h"

namespace chancery::cli {

usecase::TransactionReference transactionFromText(const std::string& text) {
    const std::size_t slash = text.find('/');
    if (slash != std::string::npos) {
        const auto block = numberFromText(std::string_view(text).substr(0, slash));
        const auto index = numberFromText(std::string_view(text).substr(slash + 1));
        if (block && index) return usecase::WrittenAt{*block, *index};
    }
    return TxId(text);
}

}  // namespace chancery::cli
