#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "src/base/Status.h"

namespace chancery::usecase {

/// For all at once, each on a thread of its own; the first error counts.
template <class Item>
Status inParallel(const std::vector<Item>& items, const std::function<Status(const Item&)>& work) {
    if (items.size() == 1) return work(items.front());
    std::vector<Status> results(items.size());
    {
        std::vector<std::jthread> threads;
        threads.reserve(items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            threads.emplace_back([&, i] { results[i] = work(items[i]); });
    }
    for (const Status& result : results) RETURN_IF_ERROR(result);
    return absl::OkStatus();
}

}  // namespace chancery::usecase
