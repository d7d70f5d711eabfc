namespace Lae.Numerics;

/// <summary>What is made of the gradient of each leaf of a tree as soon as it is whole, one leaf at a time and in any order.</summary>
internal interface ILeafDescent
{
    /// <summary>Makes something of the shape of a gradient.</summary>
    /// <param name="leaf">Which leaf of the tree.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="isOwn">Whether nobody else has the memory of the gradient, so that what is made may take it.</param>
    /// <returns>What comes back in the place of the gradient.</returns>
    Tensor Descend(int leaf, Tensor gradient, bool isOwn);
}
