// expect: the members of this class are its own: describe it with BOOST_DESCRIBE_CLASS
#include <jl/jl.hpp>

class Account {
  public:
    explicit Account(int cents) : cents_(cents) {}
    int cents() const { return cents_; }

  private:
    int cents_;
};

int main() { jl::dump(Account(5), "x.pkl"); }
