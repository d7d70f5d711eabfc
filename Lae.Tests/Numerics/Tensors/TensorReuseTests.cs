using Lae.Numerics;

namespace Lae.Tests.Numerics;

/// <summary>A pooled workspace uses the objects of tensors and of gradient nodes again.</summary>
public sealed class TensorReuseTests
{
    private static readonly Tensor X = Given.Uniform(new Shape(3, 4), 1);

    [Fact]
    public void A_tensor_used_too_late_throws_until_many_others_lost_their_memory()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor late = Tensor.Ones(new Shape(3), DType.Float64, workspace);
        workspace.Collect(0);
        for (int i = 0; i < 512; i++)
        {
            Assert.Throws<ObjectDisposedException>(() => late.ToArray());
            Tensor.Zeros(new Shape(3), DType.Float64, workspace);
            workspace.Collect(0);
        }
    }

    [Fact]
    public void Objects_of_tensors_and_nodes_are_used_again()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        int mark = workspace.Mark();
        Func<Tensor, Tensor> function = static x => ((x * 2).Tanh() + x).Square().Sum();
        double[] expected = Differentiation.ValueAndGradient(function, X).Gradient.ToArray();
        Steps(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps(1000);
        // what remains are the leaves on x itself, which stays, and the record of the result
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 400);
        Assert.Equal(expected, Differentiation.ValueAndGradient(function, x).Gradient.ToArray());

        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Differentiation.ValueAndGradient(function, x);
                workspace.Collect(mark);
            }
        }
    }

    [Fact]
    public void A_kept_tensor_stays_what_it_is_however_many_others_come_and_go()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor kept = Tensor.Full(7, new Shape(5), DType.Float64, workspace);
        Tensor view = kept.Reshape(5, 1);
        for (int i = 0; i < 2000; i++)
        {
            int mark = workspace.Mark();
            Assert.Equal(7.0, kept.Reshape(1, 5).ElementAt(2));
            Tensor.Full(i, new Shape(5), DType.Float64, workspace);
            workspace.Collect(mark);
        }

        Assert.Equal(new Shape(5), kept.Shape);
        Assert.Equal([7, 7, 7, 7, 7], view.ToArray());
    }
}
