"""`make bench`: every benchmark, one after the other."""

from benchmarks import judge, match, pytorch, whole

if __name__ == "__main__":
    for part in (match, judge, pytorch):
        print(f"\n{(part.__doc__ or '').splitlines()[0]}")
        part.main()
    print(f"\n{(whole.__doc__ or '').splitlines()[0]}")
    whole.main(whole.POSTS)
