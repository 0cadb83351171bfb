// The ledger files of our own nodes: whatever stands there, blocks come out until the first fault,
// and what comes out is what a node would write.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/BlockFile.h"
#include "src/protocol/LedgerFile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    using namespace chancery::protocol;
    const auto require = [](bool condition) {
        if (!condition) std::abort();
    };
    const Bytes input(reinterpret_cast<const char*>(data), size);
    const auto header = decodeLedgerFileHeader(input);
    if (header.ok()) {
        require(decodeLedgerFileHeader(encodeLedgerFileHeader(*header)).value() == *header);
        const auto found = findLedgerFrame(*header, input, kLedgerFileHeaderBytes, 0);
        if (found) require(ledgerFrameAt(*header, input, *found).kind == LedgerFrame::Kind::Good);
    } else {
        require(!argumentOf(header.status(), "offset").empty());
    }
    // The same bytes as the frames of a file whose header is good, so that the search gets far.
    const LedgerFileHeader known{7, 0};
    for (const Bytes& bytes : {input, encodeLedgerFileHeader(known) + input}) {
        const auto source = openBlockBytes("ledgerfile_000000000000", SharedBytes(bytes));
        if (!source.ok()) continue;
        while (true) {
            const auto block = (*source)->next();
            require((*source)->bytesDone() <= (*source)->bytesTotal());
            if (!block.ok()) {
                require((*source)->next().status() == block.status());
                break;
            }
            if (!*block) break;
            const Bytes frame = encodeLedgerFrame(known, (*block)->block);
            const LedgerFrame again = ledgerFrameAt(known, frame, 0);
            require(again.kind == LedgerFrame::Kind::Good && again.size() == frame.size());
        }
    }
    return 0;
}
