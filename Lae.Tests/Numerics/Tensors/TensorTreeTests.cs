using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class TensorTreeTests
{
    private static readonly Tensor A = Tensor.FromArray([1.0, 2.0]);
    private static readonly Tensor B = Tensor.FromArray([3.0]);
    private static readonly TensorTree Tree = TensorTree.Of(("decoder.0.weight", A), ("decoder.0.bias", B), ("decoder2.weight", A), ("encoder.weight", B));

    [Fact]
    public void NamesKeepTheirOrder()
    {
        Assert.Equal(["decoder.0.weight", "decoder.0.bias", "decoder2.weight", "encoder.weight"], Tree.Names);
        Assert.Equal(4, Tree.Count);
        Assert.Equal(6, Tree.ElementCount);
        Assert.Same(A, Tree["decoder2.weight"]);
        Assert.Same(B, Tree.Leaves[1]);
        Assert.Equal("decoder.0.bias", Tree[1].Key);
        Assert.True(Tree.TryGet("encoder.weight", out Tensor? found));
        Assert.Same(B, found);
        Assert.False(Tree.TryGet("Encoder.weight", out _));
        Assert.Contains("encoder.weight", Assert.Throws<KeyNotFoundException>(() => Tree["weight"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DuplicatesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => TensorTree.Of(("a", A), ("a", B)));
        Assert.Throws<ArgumentException>(() => Tree.Join(TensorTree.Of(("encoder.weight", A))));
        Assert.Equal(2, TensorTree.Of(("a", A), ("A", B)).Count);
        Assert.Throws<ArgumentException>(() => TensorTree.Of(ImmutableArray.Create("a"), [A, B]));
    }

    [Fact]
    public void UnderAndPrefixedAreInverse()
    {
        TensorTree decoder = Tree.Under("decoder");
        Assert.Equal(["0.weight", "0.bias"], decoder.Names);
        Assert.Equal(["weight", "bias"], Tree.Under("decoder.0").Names);
        Assert.Equal(["decoder.0.weight", "decoder.0.bias"], decoder.Prefixed("decoder").Names);
        Assert.Same(A, decoder.Prefixed("decoder").Leaves[0]);
        Assert.Empty(Tree.Under("dec"));
        Assert.Empty(Tree.Under("encoder.weight"));
    }

    [Fact]
    public void APartIsATreeOfItsOwn()
    {
        TensorTree part = Tree.Join(TensorTree.Of(("encoder.bias", A), ("scale", B))).Under("encoder");
        Assert.Equal(["weight", "bias"], part.Names);
        Assert.Equal([B, A], part.Leaves);
        Assert.Equal([B, A], part.Select(leaf => leaf.Value));
        Assert.Equal(3, part.ElementCount);
        Assert.Same(A, part["bias"]);
        Assert.Same(A, part[1].Value);
        Assert.Throws<IndexOutOfRangeException>(() => part[2]);
        Assert.Same(A, part.Prefixed("e").Under("e")["bias"]);
        Assert.Equal([B, B], part.With("bias", B).Leaves);
        Assert.Equal([B, A, A, B], part.Join(Tree.Under("decoder")).Leaves);
        Assert.Equal([6], part.Zip(part, (x, y) => x + y)["weight"].ToArray());
        Assert.Equal([A, A, B], Tree.With("decoder.1.weight", B).Outside("encoder").Under("decoder").Join(TensorTree.Empty).With("0.bias", A).Leaves);
    }

    [Fact]
    public void WithReplacesInPlaceOrAddsAtTheEnd()
    {
        TensorTree replaced = Tree.With("decoder.0.bias", A);
        Assert.Equal(Tree.Names, replaced.Names);
        Assert.Same(A, replaced["decoder.0.bias"]);
        Assert.Same(B, Tree["decoder.0.bias"]);
        Assert.Equal([.. Tree.Names, "new"], Tree.With("new", A).Names);
        Assert.Equal(["a"], TensorTree.Empty.With("a", A).Names);
    }

    [Fact]
    public void JoinKeepsBothOrders()
    {
        TensorTree joined = Tree.Under("decoder").Join(TensorTree.Of(("a", A)));
        Assert.Equal(["0.weight", "0.bias", "a"], joined.Names);
        Assert.Equal(Tree.Names, Tree.Join(TensorTree.Empty).Names);
    }

    [Fact]
    public void MapAndZipKeepNames()
    {
        Assert.Equal([2, 4], Tree.Map(x => x * 2)["decoder.0.weight"].ToArray());
        TensorTree sum = Tree.Zip(Tree.Map(x => x * 2), (x, y) => x + y);
        Assert.Equal(Tree.Names, sum.Names);
        Assert.Equal([9], sum["encoder.weight"].ToArray());
        Assert.Throws<ArgumentException>(() => Tree.Zip(Tree.Under("decoder"), (x, _) => x));
        Assert.Throws<ArgumentException>(() => TensorTree.Of(("a", A), ("b", B)).Zip(TensorTree.Of(("b", B), ("a", A)), (x, _) => x));
        Assert.Empty(TensorTree.Empty.Map(x => x));
    }
}
