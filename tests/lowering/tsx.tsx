const a = <Foo.Bar<T> x={y as Z}>{b.c}<br<T> y="1"/></Foo.Bar>;
