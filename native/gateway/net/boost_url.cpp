// SPDX-License-Identifier: Apache-2.0
// Boost.URL compiled into this library, so that Boost stays a set of headers for us.
#include <boost/url/src.hpp>
